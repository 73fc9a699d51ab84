# Đọc tài liệu PDF.
paper-agenda = Chương trình đã ký, phiên bản { $number }
paper-signed = Kiểm tra chữ ký
paper-text = Nội dung tài liệu
paper-loading = Đang tải tài liệu…
paper-page = Trang { $number }
paper-page-number = Số trang
paper-of = trên { $pages }
paper-previous = Trang trước
paper-next = Trang sau
paper-page-before = Tài liệu trước
paper-page-after = Tài liệu sau
paper-smaller = Thu nhỏ
paper-larger = Phóng to
paper-fit = Vừa chiều rộng
paper-download = Tải tài liệu xuống
paper-close = Đóng tài liệu
paper-watermark = { $name } · { $at } · { $site }
